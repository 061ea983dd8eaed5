"""What the cluster knows: documents, passages and audiences; the catalog, the originals, the embedders, the index, search."""
