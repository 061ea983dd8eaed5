"""What the cluster knows: documents, passages and audiences, where they are kept, and how they are found."""
