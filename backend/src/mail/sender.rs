//! How letters leave: by SMTP, into a folder, or not at all.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use crate::config::MailConfig;

/// A letter to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// E-mail address of the person.
    pub to: String,
    /// What it is about, in one line.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The same with type and links.
    pub html: String,
}

impl Letter {
    /// A letter of one paragraph and one link.
    pub fn short(to: &str, subject: &str, text: &str, link_words: &str, link: &url::Url) -> Self {
        Self {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: super::letter::short_text(text, link_words, link),
            html: super::letter::short_html(text, link_words, link),
        }
    }
}

/// How letters leave.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Letter>>>),
}

impl Mailer {
    /// The way that the settings name; letters are kept in memory when they name none.
    pub fn new(config: &MailConfig) -> anyhow::Result<Self> {
        let from = config
            .mail_from
            .parse()
            .context("MAIL_FROM is not a sender such as `Shop <hello@example.com>`")?;
        let way = match (&config.smtp_url, &config.mail_dir) {
            (Some(url), _) => Way::Smtp(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
                    .context("SMTP_URL is not an address such as smtp://host:25")?
                    .build(),
            ),
            (None, Some(folder)) => Way::Folder(folder.clone()),
            (None, None) => Way::Memory(Arc::default()),
        };
        Ok(Self { from, way })
    }

    /// Sends a letter; `key` names it, so that its id is the same when it is sent twice.
    pub async fn send(&self, letter: &Letter, key: &str) -> anyhow::Result<()> {
        match &self.way {
            Way::Smtp(server) => {
                server
                    .send(self.message(letter, key)?)
                    .await
                    .context("the mail server did not take the letter")?;
            }
            Way::Folder(folder) => {
                let message = self.message(letter, key)?.formatted();
                tokio::fs::create_dir_all(folder)
                    .await
                    .with_context(|| format!("cannot make {}", folder.display()))?;
                let file = folder.join(format!(
                    "{}.eml",
                    key.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
                ));
                tokio::fs::write(&file, message)
                    .await
                    .with_context(|| format!("cannot write {}", file.display()))?;
            }
            Way::Memory(letters) => {
                letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
            }
        }
        Ok(())
    }

    /// Letters kept in memory so far, for tests.
    pub fn kept(&self) -> Vec<Letter> {
        match &self.way {
            Way::Memory(letters) => letters.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Way::Smtp(_) | Way::Folder(_) => Vec::new(),
        }
    }

    fn message(&self, letter: &Letter, key: &str) -> anyhow::Result<Message> {
        let id =
            format!("<{}@{}>", hex::encode(&Sha256::digest(key)[..16]), self.from.email.domain());
        Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse().context("not an e-mail address")?)
            .message_id(Some(id))
            .subject(letter.subject.clone())
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .context("the letter could not be written")
    }
}
