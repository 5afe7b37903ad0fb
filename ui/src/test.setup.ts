import { setLocale } from "$src/app/locale.svelte";

setLocale("en");
