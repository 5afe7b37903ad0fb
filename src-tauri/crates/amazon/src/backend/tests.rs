//! The adapter over a scripted transport: what it asks for, and what it makes of the answers.

mod aftersales;
mod check;
mod feeds;
mod offers;
mod orders;
mod publish;
mod script;
mod token;
