#include "bibtex/normalize/proper_nouns.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace bibsmith::bibtex {

namespace {

// People after whom things are named, adjectives made of their names, places, languages, planets, months that
// are no other word, a few instruments and programs. Sorted by bytes.
// clang-format off
constexpr auto proper_nouns = std::to_array<std::string_view>({
    "Abel", "Abell", "Adams", "Affleck", "Africa", "African", "Airy", "Akaike", "Alfven", "Alfvén",
    "Allen", "Alzheimer", "Alzheimer's", "America", "American", "Ampère", "Anderson", "Andreev",
    "Andromeda", "Antarctic", "Antarctica", "April", "Arabic", "Arabidopsis", "Arakelov", "Archimedean",
    "Archimedes", "Arctic", "Arecibo", "Argentina", "Aristotelian", "Aristotle", "Arkani", "Armenian",
    "Arnol'd", "Arnold", "Artin", "Artinian", "Ashtekar", "Asia", "Asian", "Atiyah", "Atlantic", "Auger",
    "August", "Auslander", "Australia", "Australian", "Austria", "Avogadro", "Azuma", "Babcock", "Banach",
    "Barabási", "Barbero", "Barzilai", "Basque", "Batalin", "Baxter", "Bayes", "Bayesian", "Baym",
    "Becchi", "Becke", "Beijing", "Bekenstein", "Belgium", "Bell", "Beltrami", "Bengali", "Berlin",
    "Bernoulli", "Bernstein", "Berry", "Bertrand", "Besov", "Bessel", "Bethe", "Betti", "Bianchi",
    "Bieberbach", "Birkhoff", "Bitcoin", "Bloch", "Bochner", "Bogoliubov", "Bogolyubov", "Bogomolov",
    "Bohm", "Bohmian", "Bohr", "Boltzmann", "Bondi", "Bonferroni", "Boole", "Boolean", "Borel", "Born",
    "Borsuk", "Borwein", "Bose", "Bott", "Bourbaki", "Bourgain", "Bragg", "Brans", "Brauer", "Brazil",
    "Brazilian", "Breit", "Brezis", "Brillouin", "Britain", "British", "Broglie", "Brouwer", "Brownian",
    "Broyden", "Bruhat", "Brunn", "Buchberger", "Bulgarian", "Burgers", "Burnside", "Büchi", "Cabibbo",
    "Caenorhabditis", "Cahn", "Calabi", "Calderon", "Calderón", "California", "Calogero", "Cambridge",
    "Campanato", "Canada", "Canadian", "Cantor", "Caratheodory", "Carathéodory", "Carleman", "Carleson",
    "Carlo", "Carnot", "Cartan", "Cartesian", "Casimir", "Cassini", "Catalan", "Cauchy", "Cayley", "Cech",
    "Centaurus", "Cepheid", "Cepheids", "Cerenkov", "Chabrier", "Chandra", "Chandrasekhar", "Chaplygin",
    "Chebyshev", "Cherenkov", "Chern", "Chernoff", "Chile", "China", "Chinese", "Chomsky", "Chow", "Church",
    "Clebsch", "Clifford", "Cohen", "Cohn", "Collatz", "Compton", "Connes", "Copenhagen", "Copernican",
    "Copernicus", "Cornell", "Cosserat", "Coulomb", "Coxeter", "Cramer", "Cramér", "Crank", "Cremona",
    "Cuntz", "Curie", "Cygnus", "Czech", "Dalitz", "Darboux", "Darcy", "Darwin", "Darwinian", "Davies",
    "Debye", "December", "Dedekind", "Dehn", "Delaunay", "Deligne", "Demazure", "Dempster", "Denmark",
    "Desargues", "Descartes", "Dicke", "Dijkstra", "Diophantine", "Dirac", "Dirichlet", "Donaldson",
    "Doppler", "Douglas", "Dravidian", "Drinfel'd", "Drinfeld", "Drosophila", "Drude", "Duffing", "Dutch",
    "Dvali", "Dvoretzky", "Dynkin", "Dyson", "Eddington", "Egypt", "Ehrenfest", "Ehrhart", "Eilenberg",
    "Einstein", "Einsteinian", "Eisenstein", "Ekeland", "Eliashberg", "Emden", "England", "English",
    "Erdos", "Erdélyi", "Erdös", "Erdős", "Erlang", "Escherichia", "Ethereum", "Ethiopia", "Euclid",
    "Euclidean", "Euler", "Eulerian", "Europe", "European", "Ewald", "Faber", "Facebook", "Faddeev",
    "Faraday", "Fatou", "February", "Feigenbaum", "Feller", "Fenchel", "Fermat", "Fermi", "Fermilab",
    "Feshbach", "Feynman", "Fibonacci", "Finland", "Finnish", "Finsler", "Fisher", "Fitzhugh", "Fletcher",
    "Floer", "Floquet", "Fock", "Fokker", "Foldy", "Fornax", "Foucault", "Fourier", "Fowler", "Fraenkel",
    "France", "Frechet", "Fredholm", "French", "Frenet", "Frenk", "Fresnel", "Friday", "Friedmann",
    "Friedrichs", "Frobenius", "Froude", "Fréchet", "Fubini", "Fuchs", "Fuchsian", "Fukaya", "Fulling",
    "Gabadadze", "Gabor", "Gaelic", "Gagliardo", "Gaia", "Galerkin", "Galician", "Galilean", "Galileo",
    "Galois", "Galton", "Gamow", "Gaudin", "Gauss", "Gaussian", "Gaussians", "Gel'fand", "Gelfand",
    "Geneva", "Gentzen", "German", "Germany", "Gershgorin", "Gerstenhaber", "Ghosh", "Gibbs", "Ginzburg",
    "Girsanov", "GitHub", "Glauber", "Godel", "Goldbach", "Goldstone", "Google", "Gorenstein", "Gram",
    "Grassmann", "Grassmannian", "Grassmannians", "Greece", "Greek", "Greenland", "Grobner", "Groebner",
    "Gromov", "Grothendieck", "Grushin", "Gröbner", "Gödel", "Haar", "Hadamard", "Hahn", "Haken",
    "Haldane", "Hall", "Hamed", "Hamilton", "Hamiltonian", "Hamiltonians", "Hamming", "Hankel", "Hardy",
    "Harish", "Haro", "Hartree", "Hasse", "Hastings", "Hausdorff", "Hawaii", "Hawking", "Hebb", "Hebbian",
    "Hebrew", "Hecke", "Heegaard", "Heisenberg", "Helmholtz", "Herbig", "Herbrand", "Hermite", "Hermitian",
    "Herschel", "Hertz", "Hertzsprung", "Hesse", "Hessenberg", "Hessian", "Heun", "Higgs", "Hilbert",
    "Hilbertian", "Hill", "Hilliard", "Hindi", "Hirzebruch", "Hoare", "Hochschild", "Hodge", "Hoeffding",
    "Holstein", "Hopf", "Hopfield", "Horava", "Householder", "Howard", "Hořava", "Hubbard", "Hubble",
    "Hungarian", "Hungary", "Hurwitz", "Huygens", "Hölder", "Hörmander", "Hückel", "IceCube", "Immirzi",
    "India", "Indian", "Indonesia", "Indonesian", "Iran", "Iranian", "Ireland", "Irish", "Ising", "Islamic",
    "Israel", "Israeli", "Italian", "Italy", "Ito", "Itô", "Iwasawa", "Jackson", "Jacobi", "Jacobian",
    "Jacobians", "Jacquet", "January", "Japan", "Japanese", "Java", "Jeans", "Jensen", "Jewish", "Johnson",
    "Jordan", "Josephson", "Joule", "Jovian", "Julia", "July", "June", "Juno", "Jupiter", "Kac", "Kadanoff",
    "Kadison", "Kaehler", "Kahler", "Kalman", "Kaluza", "Kamiokande", "Kantor", "Kantorovich", "Kapitza",
    "Karhunen", "Kauffman", "Kazhdan", "Keck", "Keldysh", "Kelvin", "Kenya", "Kepler", "Keplerian", "Kerr",
    "Khovanov", "Killing", "Kirchhoff", "Kitaev", "Kleene", "Klein", "Kleinian", "Kloosterman", "Knuth",
    "Kobayashi", "Kohn", "Kolmogorov", "Kondo", "Korea", "Korean", "Korteweg", "Kosterlitz", "Kostka",
    "Koszul", "Kozai", "Kramers", "Krein", "Kretschmann", "Kripke", "Kronecker", "Kroupa", "Krull",
    "Kruskal", "Kubo", "Kuiper", "Kullback", "Kummer", "Kuramoto", "Kutta", "Kähler", "Kählerian",
    "Ladyzhenskaya", "Lagrange", "Lagrangian", "Lagrangians", "Laguerre", "Lamb", "Lambek", "Lamé",
    "Lanczos", "Landau", "Langevin", "Langlands", "Langmuir", "Laplace", "Laplacian", "Laplacians",
    "Larmor", "Latin", "Laurent", "Lebesgue", "Lefschetz", "Legendre", "Leibler", "Leibniz", "Lemaitre",
    "Lemaître", "Lennard", "Leo", "Levenberg", "Levy", "Liapunov", "Lidov", "Lie", "Lieb", "Lifshitz",
    "Lindblad", "Lindelöf", "Lindemann", "Lindley", "Liniger", "Linux", "Liouville", "Lipschitz",
    "Lipschitzian", "Lissajous", "Lithuanian", "Littlewood", "Lizorkin", "Lobachevsky", "London", "Lorentz",
    "Lorentzian", "Lorenz", "Lotka", "Lovelock", "Lovász", "Loève", "Lusternik", "Luttinger", "Lyapunov",
    "Lyman", "Lévy", "Löf", "Macaulay", "Macdonald", "Mach", "Mackey", "Maclaurin", "Madelung",
    "Magellanic", "Magnus", "Mahalanobis", "Mahler", "Majorana", "Majumdar", "Malay", "Malik", "Malliavin",
    "Malmquist", "Mandelbrot", "Mangoldt", "Manhattan", "Markov", "Markovian", "Marquardt", "Mars",
    "Martian", "Maskawa", "Maslov", "Mathematica", "Mathieu", "Matsubara", "Maxwell", "Maxwellian", "Maya",
    "Mazur", "McDiarmid", "Mediterranean", "Mellin", "Menten", "Mercury", "Mersenne", "Merton", "Messier",
    "Metropolis", "Mexican", "Mexico", "Michaelis", "Michelson", "Mie", "Milky", "Mills", "Milman", "Milne",
    "Milnor", "Minkowski", "Minkowskian", "Mobius", "Moebius", "Monday", "Monge", "Monro", "Moore",
    "Mordell", "Morrey", "Morse", "Moscow", "Moser", "Mossbauer", "Mott", "Moufang", "Muckenhoupt",
    "Mumford", "Möbius", "Mössbauer", "Naimark", "Nambu", "Napier", "Nash", "Navarro", "Navier", "Neel",
    "Nelder", "Neptune", "Neptunian", "Nernst", "Nesterov", "Netherlands", "Neumann", "Nevanlinna",
    "Newman", "Newton", "Newtonian", "Nicolson", "Nielsen", "Nigeria", "Nijenhuis", "Nikodym", "Nirenberg",
    "Noether", "Noetherian", "Nordheim", "Nordstrom", "Nordström", "Norway", "Norwegian", "November",
    "Novikov", "Nyquist", "Néel", "Occam", "October", "Ohm", "Onsager", "Oort", "Ophiuchus", "Oppenheimer",
    "Orion", "Orlicz", "Ornstein", "Ostrogradsky", "Oxford", "Pacific", "Pade", "Padé", "Painleve",
    "Painlevé", "Pakistan", "Palais", "Palatini", "Pareto", "Paris", "Parkinson", "Parkinson's",
    "Parseval", "Pascal", "Pauli", "Peano", "Pearson", "Peccei", "Peierls", "Penney", "Penrose", "Perona",
    "Perron", "Perseus", "Persian", "Petrov", "Pfaffian", "Pfaffians", "Picard", "Pierre", "Pitaevskii",
    "Plancherel", "Planck", "Plato", "Platonic", "Pleiades", "Plummer", "Pluto", "Pochhammer", "Podolsky",
    "Poincare", "Poincaré", "Poisson", "Poissonian", "Pokémon", "Poland", "Polish", "Pomeranchuk",
    "Pontrjagin", "Pontryagin", "Popov", "Porrati", "Portugal", "Portuguese", "Potts", "Poynting",
    "Prandtl", "Presburger", "Princeton", "Proca", "Ptolemy", "Pyatetskii", "Pythagoras", "Pythagorean",
    "Python", "Quillen", "Quinn", "Rabin", "Rademacher", "Radon", "Raman", "Ramanujan", "Ramsey", "Randall",
    "Rayet", "Rayleigh", "Reeb", "Regge", "Reidemeister", "Reissner", "Renyi", "Reynolds", "Riccati",
    "Ricci", "Richardson", "Riemann", "Riemannian", "Riesz", "Ritz", "Robbins", "Robertson", "Robinson",
    "Roche", "Rodrigues", "Romania", "Romanian", "Rosen", "Rosenau", "Rosetta", "Rossby", "Rossi", "Rouet",
    "Rubik", "Rubinstein", "Runge", "Russell", "Russia", "Russian", "Rutherford", "Rydberg", "Rényi",
    "Sachs", "Sagittarius", "Saharan", "Sakharov", "Salam", "Salpeter", "Sanskrit", "Saturday", "Saturn",
    "Saturnian", "Savart", "Schatten", "Schauder", "Schechter", "Schensted", "Schmidt", "Schnirelmann",
    "Scholes", "Schottky", "Schrodinger", "Schroedinger", "Schrödinger", "Schubert", "Schur", "Schwarz",
    "Schwarzian", "Schwarzschild", "Schwinger", "Scotland", "Scottish", "Seebeck", "Seiberg", "Seifert",
    "Selberg", "Selmer", "September", "Serbia", "Serpens", "Serre", "Sersic", "Seyfert", "Shafer", "Shah",
    "Shakespeare", "Shannon", "Shapiro", "Shapley", "Shastry", "Shimura", "Shirshov", "Siberia", "Siegel",
    "Siegert", "Sierpinski", "Sierpiński", "Simpson", "Sinkhorn", "Sitter", "Sklyanin", "Skolem",
    "Skorohod", "Skorokhod", "Skyrme", "Slater", "Slavic", "Slavnov", "Sloan", "Slovak", "Slovenia",
    "Smale", "Sobolev", "Sommerfeld", "Spain", "Spanish", "Spitzer", "Stackelberg", "Stark", "Steenrod",
    "Stefan", "Stein", "Steiner", "Steinhaus", "Steinitz", "Stiefel", "Stieltjes", "Stirling", "Stokes",
    "Stokesian", "Stone", "Stora", "Stratonovich", "Strichartz", "Strogatz", "Stueckelberg", "Sturm",
    "Stäckel", "Stückelberg", "Subaru", "Sunday", "Sundrum", "Sunyaev", "Suslin", "Susskind",
    "Sutherland", "Suzaku", "Swahili", "Sweden", "Swedish", "Swiss", "Switzerland", "Sylow", "Sylvester",
    "Szegö", "Szegő", "Szemerédi", "Sérsic", "Takahashi", "Tamagawa", "Tamil", "Tamm", "Tate",
    "Tauberian", "Taurus", "Taylor", "Teichmuller", "Teichmüller", "Telugu", "Teukolsky", "Tevatron",
    "Thai", "Thirring", "Thom", "Thomson", "Thouless", "Thursday", "Tibet", "Tikhonov", "Titan", "Toda",
    "Toeplitz", "Tokyo", "Tolman", "Tomonaga", "Toomre", "Triebel", "Triton", "Trojans", "Trudinger",
    "Tsallis", "Tuesday", "Tukey", "Tully", "Turing", "Turkish", "Tutte", "Twitter", "Tychonoff", "Tyutin",
    "Uhlenbeck", "Ukraine", "Ulam", "Ulysses", "Unruh", "Uranus", "Urdu", "Vafa", "Vaidya", "Vandermonde",
    "Vapnik", "Varadhan", "Venus", "Verma", "Veronese", "Vienna", "Vietnam", "Vietnamese", "Vilkovisky",
    "Villani", "Virasoro", "Virgo", "Viterbi", "Viète", "Vlasov", "Voevodsky", "Volterra", "Voronoi",
    "Voyager", "Vries", "Waals", "Wald", "Wales", "Walker", "Walras", "Walsh", "Wannier", "Warburg",
    "Waring", "Wasserstein", "Watson", "Watts", "Weber", "Wednesday", "Weibull", "Weierstrass", "Weil",
    "Weinberg", "Weingarten", "Weisskopf", "Welch", "Welsh", "Wentzel", "Wess", "Weyl", "Wheeler",
    "Whitney", "Whittaker", "Wick", "Wielandt", "Wiener", "Wigner", "Wikipedia", "Wilcoxon", "Wilks",
    "Wilson", "Wishart", "Witten", "Wolfe", "Wolff", "Woronowicz", "Wulff", "Yamabe", "Yanagida", "Yang",
    "Yarkovsky", "Yau", "Yoruba", "Yosida", "YouTube", "Young", "Yukawa", "Zakharov", "Zariski", "Zeeman",
    "Zel'dovich", "Zeldovich", "Zeno", "Zerilli", "Zermelo", "Zernike", "Zipf", "Zorn", "Zumino", "Zurich",
    "Zygmund", "Zürich", "Čech", "Čerenkov",
});
// clang-format on

static_assert(std::is_sorted(proper_nouns.begin(), proper_nouns.end()));

// An open hash of the list, made by the compiler: nearly every word that is none meets a free slot.
class NounTable {
 public:
  constexpr NounTable() {
    for (std::size_t i = 0; i < proper_nouns.size(); ++i)
      slots_[slot_of(proper_nouns[i])] = static_cast<std::uint16_t>(i + 1);
  }

  constexpr bool contains(std::string_view word) const { return slots_[slot_of(word)] != 0; }

 private:
  static constexpr std::size_t slot_count = 8192;  // a power of two, and many times the words
  static_assert(slot_count > 6 * proper_nouns.size());

  // That of the word, or the free one where it belongs. `word` is not empty.
  constexpr std::size_t slot_of(std::string_view word) const {
    const auto byte = [&](std::size_t i) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(word[i < word.size() ? i : 0]));
    };
    const std::uint32_t bytes = byte(0) | (byte(1) << 8U) | (byte(2) << 16U) | (byte(word.size() - 1) << 24U);
    const std::uint32_t hash =
        (bytes ^ (byte(3) << 5U) ^ static_cast<std::uint32_t>(word.size())) * 2654435761U;
    std::size_t slot = hash >> 19U;
    while (slots_[slot] != 0 && proper_nouns[slots_[slot] - 1U] != word) slot = (slot + 1) % slot_count;
    return slot;
  }

  std::array<std::uint16_t, slot_count> slots_{};  // one more than the number of the word; 0: free
};
constexpr NounTable nouns;

}  // namespace

bool is_proper_noun(std::string_view word) {
  const bool may_be_possessive = !word.empty() && (word.back() == 's' || word.back() == '\'');
  for (const std::string_view possessive : {"'s", "’s", "s'", "'"}) {
    if (!may_be_possessive) break;
    if (word.size() > possessive.size() + 1 && word.ends_with(possessive)) {
      word.remove_suffix(possessive == "s'" ? 1 : possessive.size());
      break;
    }
  }
  return !word.empty() && nouns.contains(word);
}

}  // namespace bibsmith::bibtex
