//! Commands over a catalogue in memory and a scripted adapter.
