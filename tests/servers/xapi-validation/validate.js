/* Reads a JSON list of statements and prints what Learning Locker's validation has against them, as a JSON list. */
const validate = require(process.cwd() + '/node_modules/@learninglocker/xapi-validation').default;

let text = '';
process.stdin.on('data', (chunk) => (text += chunk));
process.stdin.on('end', () => {
  const faults = JSON.parse(text).flatMap((each, index) =>
    validate(each).map((warning) => ({ index, path: warning.path, fault: warning.constructor.name }))
  );
  process.stdout.write(JSON.stringify(faults));
});
