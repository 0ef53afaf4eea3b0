import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../../src-main/platform/data-paths.ts';
import { engineArguments, shellOptions } from '../../src-main/shell/shell-options.ts';

const again = { show: undefined, port: undefined };

describe('the command line of the desktop program', () => {
  it('[DS1] hands the flags of serve on, in both forms, and ignores those of Chromium', () => {
    const argv = ['/opt/flyrail', '--no-sandbox', '--port', '7331', '--host=127.0.0.2', '--disable-gpu', '--data=/d'];
    const options = shellOptions(argv, '/somewhere');
    expect(options).toEqual({ dataFolder: '/d', show: undefined, flags: ['--host=127.0.0.2', '--port=7331'] });
    expect(engineArguments(options, again)).toEqual([
      'serve',
      '--json',
      '--ui-later',
      '--discovery-default=find',
      '--data=/d',
      '--host=127.0.0.2',
      '--port=7331',
    ]);
  });

  it('[DS1] counts the last of a flag that is given twice', () => {
    expect(shellOptions(['x', '--port=0', '--port', '9'], '/').flags).toEqual(['--port=9']);
  });

  it('[DS1] hands --allow-unauthenticated on', () => {
    expect(shellOptions(['x', '--allow-unauthenticated'], '/').flags).toEqual(['--allow-unauthenticated']);
  });

  it('[DC41] looks for things on the network where nobody chose, and hands --discovery on', () => {
    const options = shellOptions(['x', '--discovery=off'], '/');
    expect(engineArguments(options, again)).toEqual(
      expect.arrayContaining(['--discovery-default=find', '--discovery=off']),
    );
  });

  it('[DS1] resolves a show and a data folder where they were typed', () => {
    const options = shellOptions(['x', '/app', 'gala.FLYRAIL', '--data', 'rig'], '/somewhere');
    expect(options).toMatchObject({
      show: resolve('/somewhere/gala.FLYRAIL'),
      dataFolder: resolve('/somewhere/rig'),
    });
  });

  it('[DS1] takes neither the program, a flag nor the value of a flag for a show', () => {
    const argv = ['/opt/my.flyrail', '--data', '/d.flyrail', '--x.flyrail', 'notes.txt'];
    expect(shellOptions(argv, '/').show).toBeUndefined();
  });

  it('[DS1] uses the data folder of the platform without --data', () => {
    expect(shellOptions(['x'], '/').dataFolder).toBe(resolve(defaultDataFolder()));
  });

  it('[DS2] starts the engine with another show or port in place of the given ones', () => {
    const options = shellOptions(['x', '--port=7330', '--data=/d', '/a.flyrail'], '/');
    expect(engineArguments(options, { show: options.show, port: undefined })).toContain('--show=/a.flyrail');
    const other = engineArguments(options, { show: undefined, port: 0 });
    expect(other.filter((flag) => flag.startsWith('--port'))).toEqual(['--port=0']);
    expect(other.some((flag) => flag.startsWith('--show'))).toBe(false);
  });
});
