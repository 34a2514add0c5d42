[playlist]
NumberOfEntries=2
File1=http://a.example/x
Title1=A - X
Length1=-1
File10=https://a.example/y.mp3
Length10=61
Version=2
