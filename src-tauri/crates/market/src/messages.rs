//! The role that reads what buyers write, and answers.

use std::collections::BTreeSet;

use async_trait::async_trait;
use barrow_model::{Conversation, ConversationId, Message, Problem, Words};
use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::orders::Cursor;

/// Messages of buyers.
///
/// # Requires
/// - The conversations of a page are stored in the transaction that stores the cursor behind it.
/// - An answer is committed before it is sent; one of which nobody knows what became of it is
///   looked for among the conversation's messages before it is sent again.
///
/// # Behaviour
/// - `what_buyers_write_is_given`: from `start`, reading until `more` is false gives every
///   conversation in which something was written since; some of them again.
/// - `an_answer_is_in_its_conversation`: afterwards the conversation's newest message is the
///   answer, and the seller wrote it, also where nobody heard what became of it.
/// - `what_was_read_is_unread_no_more`: a conversation that was marked is not among the unread.
/// - `words_of_buyers_stay_secret`: neither errors nor `Debug` texts hold names or words.
#[async_trait]
pub trait Messages: Send + Sync {
    /// Longest answer, in characters.
    fn text_chars_max(&self) -> usize;

    /// A cursor that reads every conversation in which something was written since. Calls nobody.
    fn start(&self, since: DateTime<Utc>) -> Result<Cursor>;

    /// Reads one page of conversations.
    async fn read(&self, cursor: &Cursor) -> Result<ConversationPage>;

    /// All conversations in which something is unread; none where there are more than are read in
    /// one go, or where the marketplace does not tell.
    async fn unread(&self) -> Result<Option<BTreeSet<ConversationId>>>;

    /// The newest messages of a conversation, the newest first, at most so many.
    async fn messages(&self, conversation: &ConversationId, max: usize) -> Result<Thread>;

    /// Writes into a conversation. Not harmless to repeat. An error says that nothing was written.
    async fn answer(&self, conversation: &ConversationId, text: &Words) -> Result<Answered>;

    /// Marks a conversation as read. Harmless to repeat.
    async fn mark_read(&self, conversation: &ConversationId) -> Result<()>;
}

/// A page of conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationPage {
    /// Those that could be read.
    pub conversations: Vec<Conversation>,
    /// How many records could not be read.
    pub unreadable: u64,
    /// Where the next page begins.
    pub next: Cursor,
    /// Whether there is more now.
    pub more: bool,
}

/// What stands in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// The messages that could be read, the newest first.
    pub messages: Vec<Message>,
    /// How many records could not be read: one of them may be any message.
    pub unreadable: u64,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered {
    /// It stands in the conversation.
    There(Message),
    /// Nobody knows: it may stand there.
    Unknown,
    /// It was not taken, and the same will not be.
    Refused(Problem),
}

/// Whether a marketplace shows what was sent: the same letters and digits in the same order, for
/// blanks, line ends and signs may come back otherwise (as entities of HTML). A text without
/// letters and digits is compared whole.
pub fn is_same_text(sent: &Words, shown: &Words) -> bool {
    let print = |words: &Words| -> String {
        let plain = plain(words.expose());
        plain.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let (one, other) = (print(sent), print(shown));
    if one.is_empty() && other.is_empty() {
        return plain(sent.expose()).trim() == plain(shown.expose()).trim();
    }
    one == other
}

/// A text with the commonest entities and line breaks of HTML written out.
fn plain(text: &str) -> String {
    let pairs = [
        ("<br>", "\n"),
        ("<br/>", "\n"),
        ("<br />", "\n"),
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        // Last, so that what was written as an entity stays one.
        ("&amp;", "&"),
    ];
    let written = |text: String, (entity, sign): (&str, &str)| text.replace(entity, sign);
    pairs.into_iter().fold(text.to_owned(), written)
}

#[cfg(test)]
mod tests {
    use barrow_model::Words;

    use super::is_same_text;

    #[test]
    fn a_text_is_known_again_whatever_became_of_its_blanks_and_signs() {
        let check = |sent: &str, shown: &str, expected: bool| {
            let same = is_same_text(&Words::new(sent), &Words::new(shown));
            assert_eq!(same, expected, "{sent:?} {shown:?}");
        };
        check("Yes, it is.", "Yes, it is.", true);
        check("Tom & I:\n20 < 30", "Tom &amp; I:<br>20 &lt; 30", true);
        check(" Yes ", "Yes", true);
        check("Yes, 20 cm.", "Yes, 30 cm.", false);
        check("👍", " 👍\n", true);
        check("👍", "👎", false);
        check("👍", "Yes", false);
    }
}
