//! The Amazon adapter behaves as the contract says.

use barrow_tests::subjects::AMAZON;
use barrow_tests::{conformance_tests, each_behaviour};

each_behaviour!(conformance_tests & AMAZON);
