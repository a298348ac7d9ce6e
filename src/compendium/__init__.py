"""How the compendium is done: ten subjects, each a folder, whose imports point down only.

==========================  ===========================================================
`publishing`, `importing`   site, poster, bundle; from a survey platform to a study
`lessons`                   exercises and their checks
`multiverse`                every reasonable analysis of a question
`figures`, `coding`         pictures and Table 1; what respondents say in their own words
`audit`, `disclosure`       does it hold; what may not be told
`statistics`                estimates and tests
`survey`                    what was asked and answered
==========================  ===========================================================

Below them stand `files`, `models`, `archives`, `names`, `results` and `wording`. Whatever refuses its
input raises a ValueError that names the file, the place in it and the remedy in one line.
"""
