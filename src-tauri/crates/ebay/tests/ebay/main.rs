//! The eBay adapter against answers written by hand from the reference.

#[cfg(test)]
mod errors;
#[cfg(test)]
mod listings;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod script;
#[cfg(test)]
mod tokens;
