"""Web pages by address: fetched when a person at the command line asks for it, kept as files, and ingested as such.

Owns: everything between an address and a file of an index. Only the command line imports this package: the chat and
the service fetch nothing.

Interface: ``pages.fetch_pages`` fetches addresses into the files of an index. Its parts:

    addresses    what may be an address of a page
    shown        an address without a password in it
    connections  which machines are connected to, and for how long
    body         unpacking a reply within a size
    robots       what a site asks programs to leave alone
    fetching     an address to a page: redirects, limits, conditions
    charset      the encoding that a server names for a text that names none
    names        an address to the name of a source
    book         which page lies under which name, and what its server said of it
    pages        fetching addresses into the files of an index
"""
