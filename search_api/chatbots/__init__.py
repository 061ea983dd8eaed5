"""The doors that chatbots use: MCP, the OpenAI vector-store search, Dify. Behind each is the one search."""
