"""A paper with a missing citation, and a bibliography that lacks its entry: what tests of the language server open."""

PAPER = """\\documentclass{article}
\\begin{document}
Attention \\cite{arXiv:1706.03762}, é𝄞 \\cite{kingma2014adam}.

\\bibliography{refs}
\\end{document}
"""
BIB = """@misc{kingma2014adam,
  author = {Kingma, Diederik P. and Ba, Jimmy},
  title  = {Adam: A Method for Stochastic Optimization},
  year   = {2014},
  eprint = {1412.6980},
}
"""
