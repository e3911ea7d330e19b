"""The ASO staff's two admin sites, and what they show of the public schema."""
