/** The carrier that was used last, offered again. Kept on this computer. */

const KEY = "barrow.carrier";

function read(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

let last = $state(read());

export const lastCarrier = {
  get name(): string { return last; },
  keep(name: string): void {
    last = name;
    try {
      localStorage.setItem(KEY, name);
    } catch {
      // Without storage it lasts as long as the window.
    }
  },
};
