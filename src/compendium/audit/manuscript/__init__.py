"""The numbers of a manuscript, each bound to what computed it: reading, finding, binding."""
