"""Names as people type them find what they mean, and nothing else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.assembly import NAMED
from data.gazetteer import read_forms, read_places, read_words
from data.names import Entry, How, Kind, NameIndex, Ref, Role, Word, normalise, normalise_all, other_layouts, phonetic_key, tokens
from data.types import Lang, NameKind

SEED = Path(__file__).parent.parent / "data" / "seed"
MEMBERS = frozenset({Kind.CITY, Kind.COUNTRY})
NIKOPOL = Ref(Kind.CITY, "nikopol")
KYIV = Ref(Kind.CITY, "kyiv")
LVIV = Ref(Kind.CITY, "lviv")
KHARKIV = Ref(Kind.CITY, "kharkiv")
SUMY = Ref(Kind.CITY, "sumy")
DOHA = Ref(Kind.CITY, "doha")
CORK = Ref(Kind.CITY, "cork")
ESPOO = Ref(Kind.CITY, "espoo")
BRAGA = Ref(Kind.CITY, "braga")
UKRAINE = Ref(Kind.COUNTRY, "UA")
DNIPRO = Ref(Kind.PLACE, "709930")
LUTSK = Ref(Kind.PLACE, "702569")
GDANSK = Ref(Kind.PLACE, "3099434")

anything = st.text(max_size=60) | st.text("abцїєʼ'’- \u0301\u200d🇺🇦.,;[]А", max_size=30)


def seed_names() -> list[Entry]:
    """Names of cities, countries, regions and themes as the data set has them."""
    return [
        Entry(row["name"], Ref(kind, row[owner]), Lang(row["lang"]), NameKind(row["kind"]))
        for table, owner, kind in NAMED
        for row in csv.DictReader((SEED / f"{table}.csv").read_text(encoding="utf-8").splitlines())
    ]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    entries = [*seed_names(), *read_forms(SEED / "name_forms.uk.tsv"), *read_places(SEED / "places.tsv").entries]
    return NameIndex.build(entries, read_words(SEED / "stopwords.csv", SEED / "name_words.csv"))


def refs(index: NameIndex, text: str) -> list[Ref]:
    return [hit.ref for hit in index.lookup(text)]


def linked(index: NameIndex, sentence: str) -> dict[str, tuple[Ref, ...]]:
    return {sentence[link.start : link.end]: link.refs for link in index.link(sentence)}


class TestOneSpelling:
    @pytest.mark.parametrize(
        ("text", "norm"),
        [
            ("  Nikopol \n", "nikopol"),
            ("ÉVRY–Courcouronnes", "evry courcouronnes"),
            ("Łódź", "lodz"),
            ("Sønderborg", "sonderborg"),
            ("İzmir", "izmir"),
            ("Straße", "strasse"),
            ("Київ", "київ"),
            ("Ки\u0456\u0308в", "київ"),
            ("К\u0438\u0306ї\u0301в", "кйїв"),
            ("Камʼянець-Подільський", "кам'янець подільський"),
            ("Кам’янець Подільський", "кам'янець подільський"),
            ("«Нікополь»!", "нікополь"),
            ("'s-Hertogenbosch", "s hertogenbosch"),
            ("\u202eНікополь\u202c", "нікополь"),
            ("Ні\u00adко\u200bполь", "нікополь"),
            ("🎓 Нікополь 📚", "нікополь"),
            ("🇺🇦🇵🇱", "ua pl"),
            ("Нiкoпoль", "нікополь"),
            ("Nikоpоl", "nikopol"),
            ("ﬁrenze", "firenze"),
            ("مَسقَط", "مسقط"),
            ("수원", "수원"),
        ],
    )
    def test_however_a_name_is_typed_it_reads_the_same(self, text: str, norm: str) -> None:
        assert normalise(text) == norm

    @given(anything)
    def test_reading_twice_changes_nothing(self, text: str) -> None:
        assert normalise(normalise(text)) == normalise(text)

    @given(st.lists(anything, max_size=5))
    def test_many_at_once_read_as_one_at_a_time(self, texts: list[str]) -> None:
        assert normalise_all(texts) == [normalise(text) for text in texts]

    @given(anything)
    def test_words_stand_where_they_say(self, text: str) -> None:
        end = 0
        for token in tokens(text):
            assert end <= token.start < token.end <= len(text)
            assert token.norm
            end = token.start


class TestSound:
    @pytest.mark.parametrize(
        "spellings",
        [
            "Kyiv Kiev Київ Киев Kyev Kijów",
            "Kharkiv Kharkov Харків Харьков Харкив",
            "Lviv Lvov Львів Львов Lwów",
            "Ternopil Ternopol Тернопіль Тернополь",
            "Nikopol Нікополь Никополь",
            "Vinnytsia Vinnitsa Вінниця Винница",
            "Khmelnytskyi Khmelnitsky Хмельницький Хмельницкий",
            "Espoo Еспоо Еспо",
            "Yenakiieve Енакиево Єнакієве",
        ],
    )
    def test_ukrainian_russian_and_latin_spellings_sound_the_same(self, spellings: str) -> None:
        assert len({phonetic_key(normalise(name)) for name in spellings.split()}) == 1

    def test_a_key_meant_on_another_layout_is_offered(self) -> None:
        assert "никополь" in other_layouts("Ybrjgjkm")
        assert "nikopol" in other_layouts("Тшлщзщд")


class TestLookup:
    @pytest.mark.parametrize(
        ("text", "ref", "how"),
        [
            ("Nikopol", NIKOPOL, How.EXACT),
            ("Нікополь", NIKOPOL, How.EXACT),
            ("НІКОПОЛЬ", NIKOPOL, How.EXACT),
            ("Никополь", NIKOPOL, How.EXACT),
            ("м. Нікополь", NIKOPOL, How.EXACT),
            ("Nikopol (Ukraine)", NIKOPOL, How.EXACT),
            ("Нікополь, Україна", NIKOPOL, How.EXACT),
            ("Нікополя", NIKOPOL, How.INFLECTED),
            ("у Нікополі", NIKOPOL, How.INFLECTED),
            ("Ybrjgjkm", NIKOPOL, How.LAYOUT),
            ("Тшлщзщд", NIKOPOL, How.LAYOUT),
            ("nikopl", NIKOPOL, How.TYPO),
            ("Нікопль", NIKOPOL, How.TYPO),
            ("Київ", KYIV, How.EXACT),
            ("Києва", KYIV, How.INFLECTED),
            ("Kyev", KYIV, How.KEY),
            ("місто Київ", KYIV, How.EXACT),
            ("Львову", LVIV, How.INFLECTED),
            ("Харкив", KHARKIV, How.KEY),
            ("Харькв", KHARKIV, How.TYPO),
            ("Espoo", ESPOO, How.EXACT),
            ("в Еспоо", ESPOO, How.EXACT),
            ("Сум", SUMY, How.INFLECTED),
            ("Досі", DOHA, How.INFLECTED),
            ("🇺🇦", UKRAINE, How.EXACT),
            ("Україні", UKRAINE, How.INFLECTED),
        ],
    )
    def test_a_member_is_found_as_people_type_it(self, index: NameIndex, text: str, ref: Ref, how: How) -> None:
        assert [(hit.ref, hit.how) for hit in index.lookup(text)] == [(ref, how)]

    @pytest.mark.parametrize("text", ["Kiev", "Lvov", "харьков", "vinnitsa", "Еспо", "Медельин", "Medelin"])
    def test_other_spellings_find_a_single_member(self, index: NameIndex, text: str) -> None:
        (hit,) = index.lookup(text)
        assert hit.ref.kind is Kind.CITY

    @pytest.mark.parametrize(
        ("text", "ref"),
        [
            ("Dnipro", DNIPRO),
            ("Днепр", DNIPRO),
            ("Дніпра", DNIPRO),
            ("Дніпропетровськ", DNIPRO),
            ("Луцьк", LUTSK),
            ("Луцька", LUTSK),
            ("Lutsk", LUTSK),
            ("Gdansk", GDANSK),
            ("Gdańsk", GDANSK),
            ("Гданськ", GDANSK),
        ],
    )
    def test_a_known_place_is_never_bent_to_a_member(self, index: NameIndex, text: str, ref: Ref) -> None:
        assert refs(index, text) == [ref]

    @pytest.mark.parametrize(
        ("text", "members"),
        [
            ("La Paz", {"la-paz-mendoza", "la-paz"}),
            ("Nam-gu", {"nam-gu-busan", "nam-gu-ulsan"}),
            ("Туніс", {"tunis", "TN"}),
        ],
    )
    def test_a_name_of_several_gives_them_all(self, index: NameIndex, text: str, members: set[str]) -> None:
        assert {ref.id for ref in refs(index, text) if ref.kind in MEMBERS} == members

    @pytest.mark.parametrize("text", ["Granada", "Brest", "Santiago", "Córdoba", "Suzhou"])
    def test_a_member_with_a_namesake_elsewhere_is_asked_about_and_comes_first(self, index: NameIndex, text: str) -> None:
        first, *others = refs(index, text)
        assert first.kind is Kind.CITY
        assert Kind.PLACE in {other.kind for other in others}

    @pytest.mark.parametrize("text", ["Пі", "Фе", "zz", "zzzzz", "Мордор", "El Dorado", "", " ", "?", "🎓", "'", "a" * 4096, "👩‍👩‍👧"])
    def test_what_nobody_is_called_finds_nothing(self, index: NameIndex, text: str) -> None:
        assert index.lookup(text) == ()

    @pytest.mark.parametrize("text", ["сума", "корки", "піч"])
    def test_a_word_that_only_looks_like_a_short_name_finds_no_member(self, index: NameIndex, text: str) -> None:
        assert not index.lookup(text, {Kind.CITY})

    def test_kinds_narrow_the_search_before_the_level_is_chosen(self, index: NameIndex) -> None:
        assert [hit.ref.id for hit in index.lookup("Туніс", {Kind.COUNTRY})] == ["TN"]
        assert not index.lookup("Дніпро", {Kind.REGION})

    @settings(deadline=None)
    @given(anything)
    def test_nothing_typed_breaks_it(self, index: NameIndex, text: str) -> None:
        assert len({hit.ref for hit in index.lookup(text)}) == len(index.lookup(text))
        index.suggest(text)
        index.complete(text)


class TestSuggest:
    @pytest.mark.parametrize(("text", "name"), [("Nykapal", "nikopol"), ("Мелетопіль", "melitopol"), ("Tirnapil", "ternopil")])
    def test_a_name_typed_badly_is_among_three(self, index: NameIndex, text: str, name: str) -> None:
        hits = index.suggest(text, {Kind.CITY})
        assert name in {hit.ref.id for hit in hits}
        assert len(hits) <= 3

    @pytest.mark.parametrize("text", ["", "?", "ab", "qqqqqqqq", "щщщщщщщщ", "x" * 300])
    def test_nothing_is_better_than_nonsense(self, index: NameIndex, text: str) -> None:
        assert index.suggest(text) == ()


class TestComplete:
    def test_members_come_before_places(self, index: NameIndex) -> None:
        kinds = [hit.ref.kind for hit in index.complete("niko", limit=50)]
        assert kinds == sorted(kinds, key=lambda kind: kind is Kind.PLACE)
        assert NIKOPOL in [hit.ref for hit in index.complete("nik")]

    def test_the_very_name_comes_first(self, index: NameIndex) -> None:
        assert index.complete("Derby")[0].ref == Ref(Kind.CITY, "derby")

    def test_a_later_word_of_a_name_begins_it_too(self, index: NameIndex) -> None:
        assert "ho-chi-minh-city" in {hit.ref.id for hit in index.complete("minh")}

    def test_each_thing_is_offered_once_and_no_more_than_asked_for(self, index: NameIndex) -> None:
        hits = index.complete("s", limit=7)
        assert len({hit.ref for hit in hits}) == len(hits) == 7

    def test_the_wrong_layout_completes_too(self, index: NameIndex) -> None:
        assert NIKOPOL in [hit.ref for hit in index.complete("ybrj")]

    @pytest.mark.parametrize("prefix", ["", " ", "-", "🎓"])
    def test_nothing_begins_with_nothing(self, index: NameIndex, prefix: str) -> None:
        assert index.complete(prefix) == ()


class TestLink:
    @pytest.mark.parametrize(
        ("sentence", "found"),
        [
            ("Чи є Нікополь у мережі?", {"Нікополь": NIKOPOL}),
            ("коли нікополь приєднався", {"нікополь": NIKOPOL}),
            ("практики Нікополя і Києва", {"Нікополя": NIKOPOL, "Києва": KYIV}),
            ("Харьков в сети?", {"Харьков": KHARKIV}),
            ("порівняй Харків із Луцьком", {"Харків": KHARKIV, "Луцьком": LUTSK}),
            ("чи входить «Дніпро» до мережі", {"Дніпро": DNIPRO}),
            ("Cork's practices", {"Cork": CORK}),
            ("a plan for Cork", {"Cork": CORK}),
            ("cork", {"cork": CORK}),
            ("is cork a member", {"cork": CORK}),
            ("коли вступили суми", {"суми": SUMY}),
            ("У Сумах вчаться", {"Сумах": SUMY}),
            ("Що роблять у Досі?", {"Досі": DOHA}),
            ("що роблять у досі", {"досі": DOHA}),
            ("Міста 🇺🇦 в мережі", {"🇺🇦": UKRAINE}),
            ("上海是成员吗", {"上海": Ref(Kind.CITY, "shanghai")}),
            ("수원은 회원입니까", {"수원": Ref(Kind.CITY, "suwon")}),
            ("Is Buenos Aires a learning city?", {"Buenos Aires": Ref(Kind.CITY, "buenos-aires")}),
            ("чи є нікопль у мережі", {"нікопль": NIKOPOL}),
            ("членство міста Нікопль", {"Нікопль": NIKOPOL}),
        ],
    )
    def test_a_name_in_a_sentence_is_found_with_its_place(self, index: NameIndex, sentence: str, found: dict[str, Ref]) -> None:
        assert linked(index, sentence) == {name: (ref,) for name, ref in found.items()}

    @pytest.mark.parametrize(
        "sentence",
        [
            "Яка сума внеску і чи є знижки на великі суми?",
            "Досі не знаю, чи варто подавати заявку",
            "мої брати читають книги",
            "корки від пляшок і піч у хаті",
            "Так, дякую, а які практики є?",
            "того року нагороди не було",
            "how nice of you, the same reading list please",
            "Reading lists for everyone",
            "A cork from a bottle",
            "Нове місто вже у списку?",
            "скільки міст додали у грудні 2025",
            "домашні навчальні групи де",
            "що таке місто, що навчається",
            "write me an essay about cats",
            "what is on tomorrow",
        ],
    )
    def test_ordinary_words_are_no_names(self, index: NameIndex, sentence: str) -> None:
        assert linked(index, sentence) == {}

    @pytest.mark.parametrize(
        ("sentence", "code"),
        [
            ("скільки українських міст у мережі", "UA"),
            ("українське місто, яке вступило першим", "UA"),
            ("Українські міста", "UA"),
            ("що відбулося в українському місті", "UA"),
            ("іранські міста", "IR"),
            ("у німецькому місті", "DE"),
            ("практики марокканських міст", "MA"),
            ("дай список ямайських міст", "JM"),
            ("міста Штатів", "US"),
            ("учасники з Голландії", "NL"),
            ("Moroccan cities", "MA"),
            ("how many Iranian members", "IR"),
            ("where do the Koreans learn", "KR"),
            ("british towns", "GB"),
            ("all English cities", "GB"),
            ("where do Poles learn", "PL"),
        ],
    )
    def test_an_adjective_or_a_people_means_its_country(self, index: NameIndex, sentence: str, code: str) -> None:
        assert list(linked(index, sentence).values()) == [(Ref(Kind.COUNTRY, code),)]

    @pytest.mark.parametrize(
        "sentence",
        [
            "чи є сторінка українською",
            "форма українською мовою",
            "знання англійської",
            "переклади французькою",
            "is it in English",
            "як стати учасником",
            "скільки місць у штаті",
            "poles and tents",
        ],
    )
    def test_a_language_or_a_word_of_another_sense_is_no_country(self, index: NameIndex, sentence: str) -> None:
        assert linked(index, sentence) == {}

    @pytest.mark.parametrize(
        ("sentence", "region"),
        [
            ("скільки міст в Африці", "africa"),
            ("африканських міст", "africa"),
            ("міста арабських країн", "arab-states"),
            ("в арабському світі", "arab-states"),
            ("азіатські міста", "asia-pacific"),
            ("cities in the Pacific", "asia-pacific"),
            ("міста Північної Америки", "europe-north-america"),
            ("європейським містам", "europe-north-america"),
            ("латиноамериканських міст", "latin-america-caribbean"),
            ("Caribbean cities", "latin-america-caribbean"),
        ],
    )
    def test_a_continent_means_its_region(self, index: NameIndex, sentence: str, region: str) -> None:
        assert list(linked(index, sentence).values()) == [(Ref(Kind.REGION, region),)]

    @pytest.mark.parametrize(
        ("sentence", "theme"),
        [
            ("а які практики є для дорослих?", "adult-education"),
            ("практики для людей поважного віку", "older-learners"),
            ("що роблять для пенсіонерів", "older-learners"),
            ("університети третього віку", "older-learners"),
            ("практики з бібліотеками", "community-learning"),
            ("приклади книгозбірень", "community-learning"),
            ("допомога внутрішньо переміщеним особам", "migrants-refugees"),
            ("навчання під час війни", "emergency-response"),
            ("про сортування сміття", "environment-sustainability"),
            ("цифрових навичок", "digital"),
            ("для молоді", "youth"),
            ("про щастя", "health-wellbeing"),
            ("practices for retirees", "older-learners"),
            ("AI literacy projects", "digital"),
            ("projects for young mothers", "family-learning"),
            ("what is done for prisoners", "equity-inclusion"),
        ],
    )
    def test_a_theme_is_found_under_peoples_words(self, index: NameIndex, sentence: str, theme: str) -> None:
        assert list(linked(index, sentence).values()) == [(Ref(Kind.THEME, theme),)]

    @pytest.mark.parametrize(
        "sentence",
        [
            "how does the network work",
            "what support and development is there for the community",
            "does a city need a strategy, a plan or a programme",
            "чи може громада вступити до мережі",
            "скільки триває робота над заявкою",
            "яку стратегію, програму чи план розвитку має мати місто",
            "навчання та освіта працівників",
            "партнерство міст",
        ],
    )
    def test_words_of_the_subject_are_no_themes(self, index: NameIndex, sentence: str) -> None:
        assert linked(index, sentence) == {}

    def test_a_town_called_like_a_word_is_meant_where_it_is_written_like_a_name(self, index: NameIndex) -> None:
        assert linked(index, "чи є серед них Щастя") == {"Щастя": (Ref(Kind.PLACE, "694725"),)}

    def test_an_ambiguous_name_keeps_all_it_may_mean(self, index: NameIndex) -> None:
        (link,) = index.link("Чи є Nam-gu у списку?")
        assert {ref.id for ref in link.refs} == {"nam-gu-busan", "nam-gu-ulsan"}

    def test_the_longest_name_wins(self, index: NameIndex) -> None:
        assert linked(index, "from Ho Chi Minh City to Quezon City") == {
            "Ho Chi Minh City": (Ref(Kind.CITY, "ho-chi-minh-city"),),
            "Quezon City": (Ref(Kind.CITY, "quezon-city"),),
        }

    @settings(deadline=None)
    @given(st.lists(anything | st.sampled_from(["Нікополь", "New York", "у Досі", "上海", "Харькв", "🇺🇦"]), max_size=8))
    def test_links_are_in_order_and_apart(self, index: NameIndex, words: list[str]) -> None:
        sentence = " ".join(words)
        end = 0
        for link in index.link(sentence):
            assert end <= link.start < link.end <= len(sentence)
            assert link.refs
            end = link.end


class TestSmallIndex:
    def test_a_country_is_found_by_code_and_flag_without_entries_for_them(self) -> None:
        index = NameIndex.build([Entry("Україна", UKRAINE, Lang("uk"))])
        assert [hit.ref for hit in index.lookup("ua")] == [UKRAINE]
        assert [link.refs for link in index.link("Хто з 🇺🇦?")] == [(UKRAINE,)]
        assert index.link("ua чи ні") == ()

    def test_an_empty_index_finds_nothing(self) -> None:
        index = NameIndex.build([])
        assert index.lookup("Нікополь") == index.suggest("Нікополь") == index.complete("Н") == ()
        assert index.link("Чи є Нікополь?") == ()

    def test_important_things_come_first_among_equals(self) -> None:
        small, big = (Entry("Nova", Ref(Kind.CITY, name), Lang("en"), rank=rank) for name, rank in (("small", 1), ("big", 9)))
        assert [hit.ref.id for hit in NameIndex.build([small, big]).lookup("nova")] == ["big", "small"]

    def test_a_word_with_a_role_is_a_name_only_where_it_is_written_like_one(self) -> None:
        index = NameIndex.build([Entry("Split", Ref(Kind.PLACE, "1"), Lang("en"))], [Word(Lang("en"), "split", Role.INSIDE)])
        assert index.link("Split the cities by year") == index.link("a split list") == ()
        assert len(index.link("close to Split")) == len(index.link("split")) == 1


@pytest.mark.parametrize("text", ["Нікополь " * 455, "上海" * 2048, "a " * 2048, "'" * 4096, "A. " * 1365, "🇺🇦" * 2048, "nikopll " * 512])
def test_the_longest_message_holds_no_trap(index: NameIndex, text: str) -> None:
    assert all(0 <= link.start < link.end <= len(text) for link in index.link(text))
    assert index.lookup(text) == ()
    assert index.complete(text) == ()
