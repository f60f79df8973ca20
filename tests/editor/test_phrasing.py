"""A line never ends with an article, a preposition or half a name, in the languages that have a table."""

import pytest

from editor.captions import make_cues
from editor.model import Edit, Transcript, Word
from editor.phrasing import BOUND, break_penalty, ends_sentence
from tests.editor.test_captions import RATE, check_cues, columns, whole, words_of

TEXTS = {
    "en": "When the customer calls about the new price list you ask for the number of the order and "
    "look at it with the customer before you say anything about the delivery of the goods",
    "de": "Wenn der Kunde wegen der neuen Preisliste anruft fragst du nach der Nummer der "
    "Bestellung und schaust sie mit dem Kunden an bevor du etwas über die Lieferung der Ware "
    "sagst",
    "fr": "Quand le client appelle pour la nouvelle liste des prix vous demandez le numéro de la "
    "commande et vous la regardez avec le client avant de parler de la livraison des produits",
    "es": "Cuando el cliente llama por la nueva lista de precios pides el número del pedido y lo "
    "miras con el cliente antes de decir algo sobre la entrega de los productos en la tienda",
    "it": "Quando il cliente chiama per la nuova lista dei prezzi chiedi il numero dell'ordine e "
    "guardalo con il cliente prima di dire qualcosa sulla consegna della merce nel negozio",
    "nl": "Als de klant belt over de nieuwe prijslijst vraag je naar het nummer van de bestelling "
    "en bekijk je die met de klant voordat je iets over de levering van de goederen zegt",
    "pt": "Quando o cliente liga por causa da nova lista de preços você pede o número do pedido e "
    "olha para ele com o cliente antes de falar sobre a entrega dos produtos na loja",
}
ARTICLES = {
    "en": "the a an of",
    "de": "der die das dem den ein eine",
    "fr": "le la les un une des de",
    "es": "el la los un una de del",
    "it": "il lo la i un una di dei",
    "nl": "de het een van",
    "pt": "o a os um uma de do",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_no_line_ends_with_an_article_or_its_like(language):
    made = Transcript("t1", language, "base", words_of(TEXTS[language]))
    cues = make_cues(whole(made), [made], Edit())
    ends = {line.split()[-1] for cue in cues for line in cue.lines}
    assert not ends & set(ARTICLES[language].split())
    assert [p for p in check_cues(cues, rate=RATE) if p.avoidable] == []


@pytest.mark.parametrize(
    ("before", "after", "language"),
    [("Amara", "Osei", "en"), ("the", "price", "en"), ("das", "Haus", "de"), ("della", "merce", "it")],
)
def test_some_words_are_bound(before, after, language):
    assert break_penalty(before, after, pause_us=0, language=language) == BOUND


def test_german_nouns_in_a_row_are_no_name():
    assert break_penalty("Kunden", "Preise", pause_us=0, language="de-AT") < BOUND


def test_titles_end_no_sentence_in_any_language():
    assert not ends_sentence("Dr.")
    assert not ends_sentence("Sig.")
    assert ends_sentence("Leeds.")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "客户打电话问新的价格表时，先问订单号，再和客户一起看，然后才说送货的事情。"),
        ("th", "เมื่อลูกค้าโทรมาถามราคาใหม่ให้ถามหมายเลขคำสั่งซื้อก่อนแล้วค่อยพูดเรื่องการจัดส่ง"),
        (
            "ja",
            "新しい価格表についてお客様から電話があったら、まず注文番号を聞いて、確認してください。",
        ),
        (
            "he",
            "כשהלקוח מתקשר לגבי מחירון חדש שואלים קודם את מספר ההזמנה ואז בודקים אותה יחד עם הלקוח",
        ),
    ],
)
def test_scripts_without_spaces_or_from_right_to_left_lose_nothing(language, text):
    spaced = " " in text
    said = text.split() if spaced else [text[n : n + 3] for n in range(0, len(text), 3)]
    words = tuple(Word(n * 400_000, (n + 1) * 400_000, each, 0.9) for n, each in enumerate(said))
    made = Transcript("t1", language, "base", words)
    cues = make_cues(whole(made), [made], Edit())
    lines = [line for cue in cues for line in cue.lines]
    assert (" " if spaced else "").join(lines) == (" ".join(said) if spaced else text)
    assert all(columns(line) <= 42 for line in lines)
