"""The Word templates of the official papers, and the code that lays them out."""
