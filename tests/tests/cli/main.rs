//! The command line, as people and programs use it: the real program in a folder of its own.

mod bad_input;
mod barrow;
mod catalogues;
mod demo;
mod forms;
mod help;
mod marketplaces;
