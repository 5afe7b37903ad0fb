//! `barrow demo`.
use crate::args::DemoArgs;
use crate::output::{End, Failure};
use crate::session::Session;

pub(crate) async fn run(_session: &Session, _args: DemoArgs) -> Result<End, Failure> {
    Ok(End::Done)
}
