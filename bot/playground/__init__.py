"""The whole bot in a browser, without a token: a web chat before an emulated Telegram.

It speaks only Bot API, through `bot.emulator`, and knows nothing of what the bot answers. One press of a button, end to end: the page posts
`/api/acts/press`; `acts` makes the person press it in the emulator; the bot polls the update over HTTP and answers with `editMessageText`;
the emulator tells its listeners; `journal` numbers the event and streams it to the page, which redraws that one message.
"""
