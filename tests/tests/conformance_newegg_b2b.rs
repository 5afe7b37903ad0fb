//! The Newegg adapter behaves as the contract says, on Newegg Business.

use barrow_tests::subjects::NEWEGG_B2B;
use barrow_tests::{conformance_tests, each_behaviour};

each_behaviour!(conformance_tests & NEWEGG_B2B);
