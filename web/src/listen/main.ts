import { mount } from 'svelte';
import Listen from './Listen.svelte';

mount(Listen, { target: document.getElementById('app')! });
