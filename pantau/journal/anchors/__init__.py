"""Anchors: where all chains ended, stamped by an authority outside and kept by the parties.

A journal proves itself by its chains; whoever can write all of it anew proves another one. An anchor is what such a
person cannot make: an RFC 3161 token, by an authority that is pinned, over the ends of all chains.

    document    what is stamped: the ends of all chains as canonical JSON
    stamping    the tokens: asked for, and proved against pinned roots. The one file that knows rfc3161-client
    asking      the way to the authority over HTTP
    keeping     the folder of anchors, ours or a party's
    recorded    the anchors that the journal itself holds, as entries
    holding     ends that somebody knows, held against the journal
    checking    all anchors at hand, held against the journal
    taking      one anchor from beginning to end
    mailing     to the parties
    due         when the next one is

What an anchor proves, and what it does not, is in docs/evidence.md.
"""
