"""Name languages as BCP 47 does, so that captions and packages say the same."""

from __future__ import annotations

import re

from capture.errors import BadInputError

# https://www.rfc-editor.org/rfc/rfc5646#section-2.1, without the grandfathered and private-use-only tags.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(-(?P<script>[a-z]{4}))?"
    r"(-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<rest>(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*(-[a-wy-z0-9](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?)",
    re.IGNORECASE | re.ASCII,
)


def language_tag(given: str) -> str:
    """Return a BCP 47 language tag in its usual spelling: ``en``, ``pt-BR``, ``zh-Hant-TW``.

    Raises:
        BadInputError: It is none.
    """
    found = _TAG.fullmatch(given.strip().replace("_", "-"))
    if found is None:
        raise BadInputError("resource.language", given=given)
    parts = [found["language"].lower()]
    if found["script"]:
        parts.append(found["script"].title())
    if found["region"]:
        parts.append(found["region"].upper())
    return "-".join(parts) + found["rest"].lower()


# ISO 639-1 and the ISO 639-2/T code of the same language, for containers that know only three letters.
_THREE_LETTERS: dict[str, str] = dict(
    re.findall(
        r"(\w\w)=(\w{3})",
        "af=afr am=amh ar=ara as=asm az=aze ba=bak be=bel bg=bul bn=ben bo=bod br=bre bs=bos ca=cat cs=ces "
        "cy=cym da=dan de=deu el=ell en=eng eo=epo es=spa et=est eu=eus fa=fas fi=fin fo=fao fr=fra ga=gle "
        "gd=gla gl=glg gu=guj ha=hau he=heb hi=hin hr=hrv ht=hat hu=hun hy=hye id=ind ig=ibo is=isl it=ita "
        "ja=jpn jv=jav jw=jav ka=kat kk=kaz km=khm kn=kan ko=kor ku=kur ky=kir la=lat lb=ltz ln=lin lo=lao "
        "lt=lit lv=lav mg=mlg mi=mri mk=mkd ml=mal mn=mon mr=mar ms=msa mt=mlt my=mya nb=nob ne=nep nl=nld "
        "nn=nno no=nor oc=oci or=ori pa=pan pl=pol ps=pus pt=por rm=roh ro=ron ru=rus rw=kin sa=san sd=snd "
        "si=sin sk=slk sl=slv sn=sna so=som sq=sqi sr=srp su=sun sv=swe sw=swa ta=tam te=tel tg=tgk th=tha "
        "ti=tir tk=tuk tl=tgl tr=tur tt=tat ug=uig uk=ukr ur=urd uz=uzb vi=vie wo=wol xh=xho yi=yid yo=yor "
        "zh=zho zu=zul",
    )
)


def three_letters(tag: str) -> str:
    """Return the ISO 639-2/T code for a BCP 47 tag; ``und`` where there is none, or it is not known."""
    language = tag.partition("-")[0].lower()
    return language if len(language) == 3 else _THREE_LETTERS.get(language, "und")
