//! The eBay adapter against answers written by hand from the reference.

#[cfg(test)]
mod account;
#[cfg(test)]
mod case_answers;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod categories;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod delays;
#[cfg(test)]
mod elsewhere;
#[cfg(test)]
mod error_bodies;
#[cfg(test)]
mod error_rows;
#[cfg(test)]
mod error_table;
#[cfg(test)]
mod errors;
mod evidence;
#[cfg(test)]
mod families;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fees;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod listings;
mod look_up;
mod lost_refunds;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod order_quirks;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod revisions;
#[cfg(test)]
mod rewritten;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod script;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod sites;
#[cfg(test)]
mod terms;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod warnings;
