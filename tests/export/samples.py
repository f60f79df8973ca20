"""Small packages written by hand, one for each standard, and what can be wrong with them."""

import zipfile
from pathlib import Path

PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">
<title>Sample</title><link rel="stylesheet" href="player.css"></head>
<body><video poster="poster.jpg" src="video.mp4"></video><script src="player.js"></script></body></html>"""

FILES = {
    "index.html": PAGE,
    "player.js": b"'use strict';",
    "player.css": b"body{background:url(data:image/png;base64,AA==)}",
    "poster.jpg": b"\xff\xd8\xff\xd9",
    "captions.vtt": b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n",
    "video.mp4": b"film",
}

SCORM12 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
    xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1" identifier="lapel-r1" version="1">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion>
    <imsmd:lom><imsmd:general>
      <imsmd:title><imsmd:langstring xml:lang="en">Sample</imsmd:langstring></imsmd:title>
      <imsmd:description><imsmd:langstring xml:lang="en">A sample.</imsmd:langstring></imsmd:description>
    </imsmd:general></imsmd:lom>
  </metadata>
  <organizations default="org">
    <organization identifier="org"><title>Sample</title>
      <item identifier="item" identifierref="sco" isvisible="true"><title>Sample</title></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="sco" type="webcontent" href="index.html" adlcp:scormtype="sco">
      <file href="index.html"/><file href="player.js"/><file href="player.css"/><file href="poster.jpg"/>
      <file href="captions.vtt"/><file href="video.mp4"/>
    </resource>
  </resources>
</manifest>"""

SCORM2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
    xmlns:imsss="http://www.imsglobal.org/xsd/imsss" identifier="lapel-r1" version="1">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="org">
    <organization identifier="org"><title>Sample</title>
      <item identifier="item" identifierref="sco" isvisible="true"><title>Sample</title>
        <adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.8"/>
        <imsss:sequencing><imsss:deliveryControls completionSetByContent="true"/></imsss:sequencing>
      </item>
      <imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>
    </organization>
  </organizations>
  <resources>
    <resource identifier="sco" type="webcontent" href="index.html" adlcp:scormType="sco">
      <file href="index.html"/><file href="player.js"/><file href="player.css"/><file href="poster.jpg"/>
      <file href="captions.vtt"/><file href="video.mp4"/>
    </resource>
  </resources>
</manifest>"""

CMI5 = """<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="https://example.com/r1/course">
    <title><langstring lang="en">Sample</langstring></title>
    <description><langstring lang="en">A sample.</langstring></description>
  </course>
  <objectives><objective id="https://example.com/r1/objective">
    <title><langstring lang="en">Know</langstring></title>
    <description><langstring lang="en">To know.</langstring></description>
  </objective></objectives>
  <au id="urn:uuid:9e107d9d-372b-4b2a-8f1c-000000000001" moveOn="Completed" launchMethod="AnyWindow">
    <title><langstring lang="en">Sample</langstring></title>
    <description><langstring lang="en">A sample.</langstring></description>
    <objectives><objective idref="https://example.com/r1/objective"/></objectives>
    <url>index.html?version=1</url>
  </au>
</courseStructure>"""

TINCAN = """<?xml version="1.0" encoding="utf-8"?>
<tincan xmlns="http://projecttincan.com/tincan.xsd"><activities>
  <activity id="https://example.com/r1" type="https://w3id.org/xapi/video/activity-type/video">
    <name lang="en">Sample</name><description lang="en">A sample.</description>
    <launch lang="en">index.html</launch>
  </activity>
</activities></tincan>"""

MANIFESTS = {
    "scorm12": ("imsmanifest.xml", SCORM12),
    "scorm2004": ("imsmanifest.xml", SCORM2004),
    "cmi5": ("cmi5.xml", CMI5),
    "xapi": ("tincan.xml", TINCAN),
}


def write_package(
    path: Path, target: str, *changes: tuple[str, str], files: dict[str, bytes | None] | None = None
) -> Path:
    """Write a package whose manifest has each ``(old, new)`` changed; a file that is None is left out."""
    name, manifest = MANIFESTS[target]
    for old, new in changes:
        assert old in manifest, old
        manifest = manifest.replace(old, new)
    held = {name: manifest.encode(), **FILES, **(files or {})}
    with zipfile.ZipFile(path, "w") as archive:
        for each, data in held.items():
            if data is not None:
                archive.writestr(each, data)
    return path
