/** A short low tone: a scan that does not belong. Silent where there is no sound. */

let audio: AudioContext | null = null;

export function refuseTone(): void {
  try {
    audio ??= new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 196;
    tone.type = "square";
    volume.gain.value = 0.08;
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.25);
  } catch {
    // Without sound the words tell it.
  }
}
