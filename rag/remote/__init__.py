"""Documents on storage elsewhere, such as S3, brought into the files of an index.

Owns: what an address of storage is, what lies there, and the copies of it that are read. What lies in the copies is
ingested like any other file.

    addresses   an address that a person gave
    storage     listing and reading, within limits of time and size
    names       what an object is called among the sources of an index
    book        which object lies under which name, and which version of it
    mirror      make the copies mirror the storage

Interface: ``mirror.mirror_storage(index_folder, addresses, settings, told)``.
"""
