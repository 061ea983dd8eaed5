"""From a file of one format to blocks. One module a format; ``registry`` lists them.

A format's module has one public function, ``convert(source: Source) -> ConvertedDocument``. It runs in an isolated
child, may trust nothing in the file, and raises ``DocumentError`` with a code where it can tell what is wrong; any
other exception means to the caller that the file is corrupt.
"""
