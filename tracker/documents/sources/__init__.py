"""Where documents are published: one module a publisher, over one small HTTP client. With mail the only network user.

    Client (http)  ->  Fetcher (originals: keeps every answer by its hash, replays without network)
                   ->  TweedeKamer (odata), OfficialPublications (sru)  ->  Found: a document that is offered
                   ->  sync: from the cursor on, page by page, into whatever `take` stores

What is known of the publishers' interfaces is data: `rules/sources.toml`.
"""
