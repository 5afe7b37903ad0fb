//! The Walmart adapter behaves as the contract says.

use barrow_tests::subjects::WALMART;
use barrow_tests::{conformance_tests, each_behaviour};

each_behaviour!(conformance_tests & WALMART);
