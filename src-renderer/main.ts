import './styles/tokens.css';
import './styles/elements.css';
import { mount } from 'svelte';
import { connectEngine } from '../src-main/contract/rpc.ts';
import App from './App.svelte';
import { chooseLink } from './engine/choose-link.ts';
import { EngineState } from './engine/engine-state.svelte.ts';
import { keepConnected } from './engine/keep-connected.ts';
import { browserClock } from './engine/page-clock.ts';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no place for Flyrail.');

const { source, shell, door } = chooseLink(window);
const engine = new EngineState(browserClock);
mount(App, { target, props: { engine, shell, door, clock: browserClock } });
keepConnected({ source, connect: connectEngine, state: engine, clock: browserClock });
