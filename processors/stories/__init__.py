"""Stories: which articles are copies or edits of one report. Pure.

signature (a text in 512 bytes), likeness (is one a copy of the other?), signature_table (which ones may be?), stories
(the group that each article belongs to), remembered (what of it outlives the process). docs/stories.md says what counts
as a copy, with the measured figures.
"""
