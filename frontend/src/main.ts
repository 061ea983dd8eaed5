import './design/tokens.css';
import './design/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { findOut } from './access/who.svelte';
import { preferred, speak } from './language/language.svelte';

await Promise.all([speak(preferred()), findOut()]);
mount(App, { target: document.getElementById('app')! });
