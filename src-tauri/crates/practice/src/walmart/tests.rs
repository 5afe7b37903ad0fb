//! Behaviour of practice Walmart through its HTTP interface.
