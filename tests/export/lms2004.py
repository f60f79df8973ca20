"""A learning system for SCORM 2004 in one page: scorm-again answers, every call is written down."""

import re

import assets

CALLS = "() => window.LAPEL_CALLS.map(({ name, values, answer }) => [name, ...values, answer])"
CMI = "() => window.LAPEL_RUNTIME.renderCMIToJSONObject().cmi"
_METHODS = ["Initialize", "Terminate", "GetValue", "SetValue", "Commit", "GetLastError"]
_HOST = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>LMS</title>
<link rel="icon" href="data:,"></head><body>
<iframe id="sco" title="SCO" width="1200" height="700" allow="autoplay"></iframe>
<script>%s</script>
<script>
window.LAPEL_CALLS = [];
const runtime = new Scorm2004API({ autocommit: false, logLevel: 5 });
window.LAPEL_RUNTIME = runtime;
const kept = JSON.parse(sessionStorage.getItem('kept') || 'null');
if (kept) { kept.entry = 'resume'; kept.exit = ''; runtime.loadFromJSON(kept, 'cmi'); }
window.API_1484_11 = {};
%s.forEach((name) => {
  API_1484_11[name] = (...values) => {
    const answer = runtime[name](...values);
    LAPEL_CALLS.push({ name, values, answer: String(answer) });
    if (name === 'Commit' || name === 'Terminate') {
      sessionStorage.setItem('kept', JSON.stringify(runtime.renderCMIToJSONObject().cmi));
    }
    return answer;
  };
});
document.getElementById('sco').src = '/package/index.html';
</script></body></html>"""


def open_lms(open_page, address):
    """Return the page of a learning system that has launched the package served at ``address``."""
    runtime = (assets.PREVIEW / "vendor" / "scorm2004.min.js").read_text().replace("</script", "<\\/script")
    page = open_page("about:blank", ready="() => true")
    host = _HOST % (runtime, _METHODS)
    page.context.route("**/lms", lambda route: route.fulfill(body=host, content_type="text/html"))
    page.goto(address + "lms")
    return page


def started(page):
    """Return the frame the package runs in, once it has said where it stands."""
    page.wait_for_function("() => window.LAPEL_CALLS.some((call) => call.name === 'Commit')")
    return page.frame(url=re.compile("/package/"))


def leave(page):
    """Close the package's window."""
    page.evaluate("() => { document.getElementById('sco').src = 'about:blank' }")
    page.wait_for_function("() => LAPEL_CALLS.some((call) => call.name === 'Terminate')")
