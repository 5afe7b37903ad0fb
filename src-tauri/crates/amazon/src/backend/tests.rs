//! The adapter over a scripted transport: what it asks for, and what it makes of the answers.
