// Judges an OpenAPI description by its official schema: node check-openapi.mjs FILE. Also that each reference leads somewhere.
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';

const description = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const validator = new Validator();
const result = await validator.validate(description);
if (!result.valid) {
  console.error(JSON.stringify(result.errors, null, 2));
  process.exit(1);
}
const broken = [];
JSON.stringify(description, (name, value) => {
  if (name === '$ref') {
    const parts = value.slice(2).split('/');
    if (parts.reduce((place, part) => place?.[part], description) === undefined) broken.push(value);
  }
  return value;
});
if (broken.length > 0) {
  console.error(`these lead nowhere: ${broken.join(', ')}`);
  process.exit(1);
}
console.log(validator.version, Object.keys(description.paths).length);
