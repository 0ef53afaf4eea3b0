import { chai } from 'vitest';

// chai looks up every word after `expect` in a proxy, to say when one is misspelt. The types say so too, and properties
// call it in loops: without the proxy a call takes half the time.
chai.config.useProxy = false;
