//! The Newegg adapter behaves as the contract says, in Canada.

use barrow_tests::subjects::NEWEGG_CANADA;
use barrow_tests::{conformance_tests, each_behaviour};

each_behaviour!(conformance_tests & NEWEGG_CANADA);
