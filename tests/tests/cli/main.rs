//! The command line, as people and programs use it: the real program in a folder of its own.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod barrow;
#[cfg(test)]
mod catalogues;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod elsewhere;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod help;
#[cfg(test)]
mod marketplaces;
#[cfg(test)]
mod messages;
