//! The Newegg adapter behaves as the contract says, in the United States.

use barrow_tests::subjects::NEWEGG;
use barrow_tests::{conformance_tests, each_behaviour};

each_behaviour!(conformance_tests & NEWEGG);
