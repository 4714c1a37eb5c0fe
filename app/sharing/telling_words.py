"""Words by which `anonymity` judges a text, in Danish and English: of health, of places and colleagues, of nobody."""

import re

# A star stands for any ending.
DANISH = """
    demens* dement demente alzheimer* parkinson* kræft* diabetes* diabetiker* sukkersyge* depression* depressiv* deprimeret
    angst* skizofren* autist* autisme* adhd epilep* sklerose* blodprop* hjerneblødning* hjertestop* apopleksi* kol
    medicin medicinen medicinliste* medicinering* pille piller pillen pillerne insulin* morfin* recept recepten recepter
    diagnose* diagnosticeret sygdom* syg sygt syge indlagt indlægges indlæggelse* opereret opereres handicap*
    misbrug* alkoholi* alkoholmisbrug* selvmord* smerte smerter smerterne sår såret sårene inkontinen* ble bleen bleer
    psykisk* psykose* psykiat* gravid* abort aborten kørestol* rollator* søvnløs* synshandicap* høreapparat*
"""
ENGLISH = """
    dementia cancer diabetic* depressed anxiety schizophreni* autism autistic stroke sclerosis copd medicine medicines
    medication* pill pills insulin morphine prescription* diagnosis diagnoses diagnosed illness* ill sick hospitalised
    hospitalized surgery disabled disabilit* alcoholic* alcoholism addict addicted addiction suicid* pain wound wounds
    psychiat* pregnan* miscarriage wheelchair* insomnia sleepless* incontinen*
"""
# Whoever "had not slept" is told of as much as who has a diagnosis.
SLEEP = r"(?:(?:ikke|aldrig|havde|har|kunne|not|never|had|could|couldn[’']t|didn[’']t)\s+){1,2}(?:sovet?|slept|sleep)"
_words = "|".join(word.replace("*", r"\w*") for word in (DANISH + ENGLISH).split())
HEALTH = re.compile(rf"(?<!\w)(?:{SLEEP}|{_words})(?!\w)", re.IGNORECASE)

# Before a place, and before a colleague, who is no citizen.
BEFORE_PLACES = {"i", "in"}
_colleagues = "kollega kollegaen kolleger kollegerne makker leder lederen chef chefen"
BEFORE_COLLEAGUES = {*_colleagues.split(), "colleague", "colleagues", "manager", "boss", "leader"}

# With a capital, and nobody's name.
_common = """
    linkedin facebook instagram intranet youtube google netflix teams danmark danish danes denmark english sverige norge
    jylland fyn sjælland europa europe gud god de dem deres i’m i’ve i’ll i’d monday tuesday
    wednesday thursday friday saturday sunday january february march april may june july august september october
    november december christmas easter
"""
TITLES = {"hr", "fru", "frk", "mr", "mrs", "ms", "miss", "dr"}
COMMON = {*_common.split(), *TITLES}
