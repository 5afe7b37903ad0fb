//! The eBay adapter against answers written by hand from the reference.

#[cfg(test)]
mod account;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod delays;
#[cfg(test)]
mod error_table;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod families;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod listings;
#[cfg(test)]
mod order_quirks;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod revisions;
#[cfg(test)]
mod script;
#[cfg(test)]
mod tokens;
