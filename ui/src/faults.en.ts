// What a validator says of a field, said to a person. The server's own sentences are written for people already.

export const faults: Record<string, string> = {
  'expected array items to be unique': 'Something stands there twice.',
  'expected array length <= {1}': 'There may be at most {1}.',
  'expected array length >= {1}': 'There must be at least {1}.',
  'expected integer': 'Enter a whole number.',
  'expected length <= {1}': 'Enter at most {1} characters.',
  'expected length >= 1': 'Fill in this field.',
  'expected length >= {1}': 'Enter at least {1} characters.',
  'expected number': 'Enter a number.',
  'expected number <= {1}': 'The number may be at most {1}.',
  'expected number >= {1}': 'The number must be at least {1}.',
  'expected required property {1} to be present': 'This is missing: {1}.',
  'expected string': 'Enter a text.',
  'expected string to match pattern {1}': 'This does not have the right form.',
  'expected value to be one of "{1}"': 'Choose one of: {1}.',
}
