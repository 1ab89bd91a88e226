### A field of a form.

# After the name of a field that may stay empty.
field-optional = (optional)
