// Package spreadsheet makes an export as vendors keep it: 200 partners of many countries, their results of 12 months, budgets and past plans, with the usual
// dirt. It is made up, and the same each time. The guide "From a spreadsheet to a running program" imports it, and tests do what the guide says.
package spreadsheet

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Partners is how many partners there are.
const Partners = 200

// Months are the months of the results, as the export writes them.
var Months = []string{"11.2025", "12.2025", "01.2026", "02.2026", "03.2026", "04.2026", "05.2026", "06.2026", "07.2026", "08.2026", "09.2026", "10.2026"}

type country struct {
	region, territory string
	stems, words      []string
	forms             []string
}

var countries = []country{
	{"DACH", "de-north", []string{"Müller & Söhne", "Brandt", "Nordlicht", "Köster", "Großmann", "Hübner"}, []string{"Systemhaus", "Netzwerke", "IT"}, []string{"GmbH", "AG", "GmbH & Co. KG"}},
	{"DACH", "at", []string{"Alpenblick", "Wörthersee", "Donau", "Jäger"}, []string{"Datentechnik", "Solutions"}, []string{"GmbH", "e.U."}},
	{"DACH", "ch", []string{"Zürichberg", "Säntis", "Jungfrau", "Bärenplatz"}, []string{"Informatik", "Cloud"}, []string{"AG", "SA"}},
	{"Nordics", "dk", []string{"Ærø", "Skagen", "Øresund", "Lillebælt"}, []string{"Systems", "Netværk"}, []string{"A/S", "ApS"}},
	{"Nordics", "se", []string{"Mälaren", "Åre", "Norrsken", "Västkust"}, []string{"Data", "Nät"}, []string{"AB"}},
	{"Nordics", "fi", []string{"Järvi", "Pohjola", "Revontuli"}, []string{"Tieto", "Pilvi"}, []string{"Oy"}},
	{"Southern Europe", "fr", []string{"Cévennes", "Hélios", "Garonne", "Crêt d'Or"}, []string{"Réseaux", "Informatique", "Conseil"}, []string{"SAS", "SARL"}},
	{"Southern Europe", "es", []string{"Peñalara", "Ñandú", "Guadiana", "Almería"}, []string{"Redes", "Sistemas"}, []string{"S.L.", "S.A."}},
	{"Southern Europe", "it", []string{"Città Alta", "Adriatico", "Vesuvio", "Brianza"}, []string{"Informatica", "Reti"}, []string{"S.r.l.", "S.p.A."}},
	{"CEE", "pl", []string{"Łódź", "Białowieża", "Żuraw", "Kraków"}, []string{"Soft", "Sieci"}, []string{"Sp. z o.o."}},
	{"CEE", "cz", []string{"Vltava", "Říp", "Šumava", "Krkonoše"}, []string{"Data", "Sítě"}, []string{"s.r.o.", "a.s."}},
	{"UK & Ireland", "uk", []string{"Harrow", "Pennine", "O'Neill", "Severn", "Moss & Moor"}, []string{"Networks", "Technology", "Cloud"}, []string{"Ltd", "PLC"}},
	{"Benelux", "nl", []string{"IJssel", "Veluwe", "Waddenzee", "Coëvorden"}, []string{"Netwerken", "Automatisering"}, []string{"B.V."}},
	{"North America", "us", []string{"Blue Mesa", "Lakeshore", "Tri-County", "Sawtooth"}, []string{"Networks", "Consulting", "Cloud Services"}, []string{"Inc.", "LLC"}},
}

type partner struct {
	id, name, form, region, territory, tier, distributor string
	isDistributor                                        bool
	number                                               int
}

// company returns the partner's name with the form of the company.
func (p *partner) company() string { return p.name + " " + p.form }

func partners(random *rand.Rand) []*partner {
	var list []*partner
	extra := []string{"", "Nord", "Süd", "Group"}
	for _, more := range extra {
		for i := range countries {
			c := &countries[i]
			for _, stem := range c.stems {
				for _, word := range c.words {
					list = append(list, &partner{
						name: strings.TrimRight(stem+" "+word+" "+more, " "), form: c.forms[random.IntN(len(c.forms))], region: c.region, territory: c.territory,
					})
				}
			}
		}
	}
	list = list[:Partners]
	tiers := []string{"Registered", "Registered", "Registered", "Silver", "Silver", "Gold"}
	var distributors []*partner
	for i, p := range list {
		p.number, p.id, p.tier = i, fmt.Sprintf("C-%04d", 1001+i), tiers[random.IntN(len(tiers))]
		if i%25 == 3 {
			p.isDistributor, p.tier = true, "Platinum"
			distributors = append(distributors, p)
		}
	}
	for i, p := range list {
		if !p.isDistributor && i%7 == 0 {
			p.distributor = distributors[random.IntN(len(distributors))].company()
		}
	}
	return list
}

// Files returns the files of the export, by name.
func Files() map[string]string {
	const seed = 20261103
	random := rand.New(rand.NewPCG(seed, seed))
	list := partners(random)
	return map[string]string{
		"partners.csv": partnersFile(list, random),
		"results.csv":  resultsFile(list, random),
		"budgets.csv":  budgetsFile(),
		"plans.csv":    plansFile(list, random),
	}
}

var people = []string{"Ana Ruiz", "Bente Krog", "Chloé Martin", "Dunja Marić", "Emil Sörensen", "Fiona O'Neill", "Gábor Kiss", "Hélène Roy", "Ines Weiß", "Jörg Braun"}

func partnersFile(list []*partner, random *rand.Rand) string {
	var b strings.Builder
	line := func(cells ...string) { b.WriteString(strings.Join(cells, ";") + "\r\n") }
	b.WriteString("\uFEFF")
	line("Partner list;;;;;;;;;;;")
	line("Exported 02.11.2026 by channel operations;;;;;;;;;;;")
	line(";;;;;;;;;;;")
	line("CRM ID", "Company", "Partner Type", "Level", "Level Since", "Partner Since", "Region", "Territory", "Buys From", "Primary Contact", "E-Mail", "Comment")
	row := func(p *partner, name, comment string) {
		kind := []string{"Reseller", "Reseller", "Service Provider", "Systemhaus", ""}[random.IntN(5)]
		if p.isDistributor {
			kind = "Distributor"
		}
		tier, region, from := p.tier, p.region, p.distributor
		switch p.number {
		case 11:
			tier = "Gold Plus" // of a program of before
		case 17:
			region = "DAHC"
		case 21:
			from = strings.Replace(from, "t", "tt", 1)
		}
		joined := fmt.Sprintf("%02d.%02d.%d", 1+random.IntN(28), 1+random.IntN(12), 2014+random.IntN(12))
		contact, mail := people[random.IntN(len(people))], fmt.Sprintf("partner%d@example.com", p.number)
		if random.IntN(10) == 0 {
			contact, mail = "n/a", "n/a"
		}
		line(p.id, name, kind, tier, "01.07.2026", joined, region, p.territory, from, contact, mail, comment)
	}
	for i, p := range list {
		name := p.company()
		if i%40 == 9 {
			name += " " // as people type
		}
		row(p, name, "")
		switch i {
		case 60:
			again := *list[5]
			again.id = "C-2001"
			row(&again, again.company(), "imported from the old list")
		case 120:
			again := *list[30]
			again.id = "C-2002"
			row(&again, strings.ToUpper(again.company()), "imported from the old list")
		case 150:
			line(";;;;;;;;;;;")
		}
	}
	line("Total", fmt.Sprintf("%d partners", Partners+2), "", "", "", "", "", "", "", "", "", "")
	return b.String()
}

// german writes thousandths with a decimal comma and points between thousands.
func german(n, digits int) string {
	text := fmt.Sprint(n)
	fraction := ""
	if digits > 0 {
		text = fmt.Sprintf("%0*d", digits+1, n)
		text, fraction = text[:len(text)-digits], ","+text[len(text)-digits:]
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "." + text[at:]
	}
	return text + fraction
}

func resultsFile(list []*partner, random *rand.Rand) string {
	var b strings.Builder
	line := func(cells ...string) { b.WriteString(strings.Join(cells, ";") + "\n") }
	line("Partner", "Month", "Revenue (EUR)", "Leads", "Retention %", "Days to First Call")
	for i, month := range Months {
		for _, p := range list {
			name := p.company()
			if p.number == 42 && i == 7 {
				name = strings.Replace(name, "e", "ee", 1)
			}
			revenue, retention := german(random.IntN(9_000_000), 2)+" €", german(700+random.IntN(300), 1)
			if random.IntN(50) == 0 {
				retention = "k.A."
			}
			line(name, month, revenue, fmt.Sprint(random.IntN(30)), retention, fmt.Sprint(1+random.IntN(9)))
		}
	}
	line("Total", "", "", "", "", "")
	return b.String()
}

func budgetsFile() string {
	return "Budget;Fiscal Year;Amount;Currency;Activities\n" +
		"MDF DACH FY2027;FY2027;80.000,00;EUR;\n" +
		"MDF Nordics FY2027;FY2027;35.000,00;EUR;\n" +
		"MDF Events H1;FY2027 H1;12.500,50;EUR;Trade Show, Roadshow, Customer Event\n" +
		"MDF Schools;2027;5.000,00;EUR;Webinar\n"
}

func plansFile(list []*partner, random *rand.Rand) string {
	var b strings.Builder
	b.WriteString("Partner;Period;KPI;Target;Actual\n")
	for _, p := range list {
		if p.tier != "Gold" {
			continue
		}
		name := p.company()
		if p.number%3 == 0 {
			name = p.name // people leave the form out
		}
		target, leads := 20_000_000+random.IntN(60)*1_000_000, 40+random.IntN(100)
		actual := german(target/100*(60+random.IntN(60)), 2)
		if random.IntN(8) == 0 {
			actual = "k.A."
		}
		fmt.Fprintf(&b, "%s;FY2026;Revenue;%s;%s\n", name, german(target, 2), actual)
		fmt.Fprintf(&b, "%s;FY2026;Leads;%d;%d\n", name, leads, leads*(50+random.IntN(70))/100)
	}
	return b.String()
}
