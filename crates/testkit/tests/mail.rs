//! Mail sent by the client the shop uses, read back from the catcher.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::MultiPart,
    transport::smtp,
};
use testkit::MailCatcher;

async fn send(catcher: &MailCatcher, subject: &str) -> Result<(), smtp::Error> {
    let message = Message::builder()
        .from("Oxcart <shop@oxcart.example>".parse().unwrap())
        .to("Ann <ann@example.org>".parse().unwrap())
        .subject(subject)
        .multipart(MultiPart::alternative_plain_html(
            "Grüße, Ann!\r\n.hidden\r\n".to_owned(),
            "<p>Grüße, Ann!</p>".to_owned(),
        ))
        .unwrap();
    let mailer = AsyncSmtpTransport::<Tokio1Executor>::from_url(&catcher.url()).unwrap().build();
    mailer.send(message).await.map(drop)
}

#[tokio::test]
async fn a_message_is_kept_and_decoded() {
    let catcher = MailCatcher::start().await;

    send(&catcher, "Your order №7 is on its way").await.unwrap();

    let message = catcher.last_to("ann@example.org").unwrap();
    assert_eq!(message.from, "shop@oxcart.example");
    assert_eq!(message.to, ["ann@example.org"]);
    assert_eq!(message.subject, "Your order №7 is on its way");
    assert_eq!(message.text.lines().collect::<Vec<_>>(), ["Grüße, Ann!", ".hidden"]);
    assert!(message.raw.starts_with(b"From: "));
    assert_eq!(catcher.messages().len(), 1);
}

#[tokio::test]
async fn a_refused_message_fails_for_the_time_being_and_is_not_kept() {
    let catcher = MailCatcher::start().await;

    catcher.refuse(true);
    let refused = send(&catcher, "first").await.unwrap_err();
    catcher.refuse(false);
    send(&catcher, "second").await.unwrap();

    assert!(refused.is_transient());
    assert_eq!(catcher.messages().len(), 1);
    assert!(catcher.last_to("nobody@example.org").is_none());
}
